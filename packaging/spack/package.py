# Recipe for Spack. In a checkout: `spack repo create ~/own`, copy this file to ~/own/packages/rewire/package.py, then
# `spack repo add ~/own` and `spack install rewire`.
from spack.package import *


class Rewire(CMakePackage):
    """Simulator of spiking networks that rewire while NMDA receptors are blocked."""

    homepage = "https://localhost.localdomain/rewire"
    license("GPL-3.0-or-later")

    version("0.2.0")

    variant("mpi", default=False, description="Runs on several processes")
    variant("igraph", default=True, description="Measures of graphs")

    depends_on("c", type="build")
    depends_on("cmake@3.21:", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("hdf5@1.10:~mpi")
    depends_on("libyaml")
    depends_on("yajl")
    depends_on("udunits")
    depends_on("gsl")
    depends_on("zlib-api")
    depends_on("openssl")
    depends_on("igraph@0.10:", when="+igraph")
    depends_on("mpi", when="+mpi")

    def cmake_args(self):
        return [
            self.define("REWIRE_TESTS", False),
            self.define_from_variant("REWIRE_MPI", "mpi"),
            self.define_from_variant("REWIRE_IGRAPH", "igraph"),
        ]
