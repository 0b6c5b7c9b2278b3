include(CMakeFindDependencyMacro)
find_dependency(Eigen3 CONFIG)
find_dependency(xsimd CONFIG)
find_package(nlohmann_json CONFIG QUIET) # needed only by what links ctnn::io
include("${CMAKE_CURRENT_LIST_DIR}/ctnnTargets.cmake")
