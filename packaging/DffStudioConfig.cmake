# find_package(DffStudio): what the core links has to be there as well.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavfilter libavutil libswscale libswresample)
find_dependency(OpenCV)
find_dependency(nlohmann_json)
find_dependency(pugixml)
find_dependency(Torch)
find_dependency(OpenMP)
find_dependency(Threads)
find_package(CUDAToolkit QUIET)  # where the kernels were built for a GPU
include(${CMAKE_CURRENT_LIST_DIR}/DffStudioTargets.cmake)
