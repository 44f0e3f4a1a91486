/* The texts that go into every page, as files of engine/study/report/page; made by cmake/Page.cmake. */
#ifndef RW_STUDY_REPORT_PAGE_ASSETS_H
#define RW_STUDY_REPORT_PAGE_ASSETS_H

extern const char rw_page_uplot_js[], rw_page_uplot_css[], rw_page_report_js[], rw_page_report_css[];

#endif
