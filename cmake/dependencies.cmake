# Packages that are installed, or else pinned versions, fetched.
include(FetchContent)

# Fetches a pinned archive; where that fails too, says what to install.
macro(ctnn_fetch package archive sha256)
  string(TOUPPER ${package} package_upper)
  set(archive_file "${PROJECT_BINARY_DIR}/_deps/${package}-archive")
  if(NOT FETCHCONTENT_SOURCE_DIR_${package_upper})
    message(STATUS "${package} is not installed: fetching ${archive}")
    file(DOWNLOAD ${archive} "${archive_file}" EXPECTED_HASH SHA256=${sha256} STATUS status INACTIVITY_TIMEOUT 60)
    if(NOT status MATCHES "^0;")
      message(FATAL_ERROR "ctnn needs ${package}, which is neither installed nor could it be fetched (${status}).\n"
        "On Debian and Ubuntu: apt-get install libeigen3-dev libxsimd-dev, for ctnn::io also nlohmann-json3-dev, "
        "for the tests also catch2.")
    endif()
  endif()
  FetchContent_Declare(${package} URL "${archive_file}" SYSTEM DOWNLOAD_EXTRACT_TIMESTAMP OFF ${ARGN})
  FetchContent_MakeAvailable(${package})
endmacro()

# Provides the target of a header-only package. Of a fetched one only the headers in `folder` are used: its own build
# adds tests, options and install rules that nobody asked for.
function(ctnn_headers target package archive sha256 folder)
  if(NOT TARGET ${target})
    find_package(${package} CONFIG QUIET GLOBAL)
  endif()
  if(NOT TARGET ${target})
    ctnn_fetch(${package} ${archive} ${sha256} SOURCE_SUBDIR headers-only)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    FetchContent_GetProperties(${package} SOURCE_DIR source)
    target_include_directories(${target} INTERFACE "${source}/${folder}")
  endif()
endfunction()

ctnn_headers(Eigen3::Eigen Eigen3
  https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
  8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72 .)
ctnn_headers(xsimd xsimd
  https://github.com/xtensor-stack/xsimd/archive/refs/tags/13.0.0.tar.gz
  8bdbbad0c3e7afa38d88d0d484d70a1671a1d8aefff03f4223ab2eb6a41110a3 include)
if(PROJECT_IS_TOP_LEVEL)
  ctnn_headers(nlohmann_json::nlohmann_json nlohmann_json
    https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
    d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d include)
else()
  find_package(nlohmann_json CONFIG QUIET) # an application that does not link ctnn::io never needs it
endif()
if(CTNN_BUILD_TESTS)
  find_package(Catch2 CONFIG QUIET) # 2 or 3
  if(NOT TARGET Catch2::Catch2WithMain)
    ctnn_fetch(Catch2 https://github.com/catchorg/Catch2/archive/refs/tags/v3.5.4.tar.gz
      b7754b711242c167d8f60b890695347f90a1ebc95949a045385114165d606dbb)
    list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/extras")
  endif()
endif()
