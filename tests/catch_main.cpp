// Catch2's main, for builds that cannot link the installed one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
