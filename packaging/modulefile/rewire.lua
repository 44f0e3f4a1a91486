-- Environment module (Lmod; Environment Modules 5 reads it, too). Put it where modules are searched as rewire/0.2.0.lua, with the
-- prefix that `cmake --install build/release --prefix PREFIX` was given.
local prefix = os.getenv("REWIRE_PREFIX") or "/opt/rewire/0.2.0"

help([[Simulator of spiking networks that rewire while NMDA receptors are blocked; `rewire help` lists the commands.]])
whatis("Name: rewire")
whatis("Version: 0.2.0")

prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
prepend_path("PKG_CONFIG_PATH", pathJoin(prefix, "lib/pkgconfig"))
prepend_path("CMAKE_PREFIX_PATH", prefix)
prepend_path("PYTHONPATH", pathJoin(prefix, "lib/python3/dist-packages"))
