# The texts of engine/study/report/page as C arrays, so that a report needs no file beside the program.
function(rewire_embed output)
  set(code "#include \"study/report/page_assets.h\"\n")
  foreach(pair ${ARGN})
    string(REPLACE "=" ";" pair ${pair})
    list(GET pair 0 name)
    list(GET pair 1 path)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes ${bytes})
    string(APPEND code "const char rw_page_${name}[] = {${bytes}0};\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT "${code}" @ONLY)
endfunction()

set(PAGE_SOURCE ${CMAKE_BINARY_DIR}/generated/page_assets.c)
rewire_embed(${PAGE_SOURCE} uplot_js=engine/study/report/page/uplot/uPlot.iife.min.js uplot_css=engine/study/report/page/uplot/uPlot.min.css
             report_js=engine/study/report/page/report.js report_css=engine/study/report/page/report.css)
