/// Unit-test vectors of CMSIS-NN (fixtures' SOURCE.txt): C headers with arrays and #defines, read at run time.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"

namespace cmsis_nn {

/// The arrays and numbers of one test, their names without the test's.
class Vectors {
 public:
  /// Reads the headers that `folder`/test_data.h includes.
  explicit Vectors(const std::string& folder) {
    const std::string list = read(folder + "/test_data.h");
    prefix_ = folder.substr(folder.rfind('/') + 1).size() + 1;
    for (std::size_t at = 0; (at = list.find("#include \"", at)) != std::string::npos;) {
      at += std::string{"#include \""}.size();
      parse(read(folder + "/" + list.substr(at, list.find('"', at) - at)));
    }
  }

  [[nodiscard]] int number(const std::string& name) const {
    INFO(name);
    REQUIRE(numbers_.contains(name));
    return numbers_.at(name);
  }
  [[nodiscard]] int number_or(const std::string& name, int otherwise) const {
    return numbers_.contains(name) ? numbers_.at(name) : otherwise;
  }
  template <class T>
  [[nodiscard]] std::vector<T> array(const std::string& name) const {
    INFO(name);
    REQUIRE(arrays_.contains(name));
    std::vector<T> result;
    for (const double item : arrays_.at(name)) result.push_back(static_cast<T>(item));
    return result;
  }

 private:
  static std::string read(const std::string& path) {
    std::ifstream file{path};
    INFO(path);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  /// #define NAME 1, and: const int8_t name[2] = {1, 2}; or: const float16_t name[1] = {(float16_t)0.5f};
  void parse(const std::string& text) {
    for (std::size_t at = 0; (at = text.find("#define ", at)) != std::string::npos;) {
      at += std::string{"#define "}.size();
      const std::size_t space = text.find(' ', at);
      const std::string value = text.substr(space + 1, text.find('\n', at) - space - 1);
      if (value.find_first_not_of("-0123456789") == std::string::npos) {
        numbers_[text.substr(at + prefix_, space - at - prefix_)] = std::stoi(value);
      }
    }
    for (std::size_t at = 0; (at = text.find("_t ", at)) != std::string::npos;) {
      at += std::string{"_t "}.size();
      const std::size_t bracket = text.find('[', at), open = text.find('{', at), close = text.find('}', at);
      std::string items = text.substr(open + 1, close - open - 1);
      std::vector<double>& array = arrays_[text.substr(at + prefix_, bracket - at - prefix_)];
      for (std::size_t i = 0; i < items.size();) {
        const std::string cast = "(float16_t)";
        i = items.find_first_not_of(" \n", i);
        if (items.compare(i, cast.size(), cast) == 0) i += cast.size();
        std::size_t used = 0;
        array.push_back(std::stod(items.substr(i, items.find(',', i) - i), &used));
        i = std::min(items.find(',', i + used), items.size() - 1) + 1;
      }
    }
  }

  std::size_t prefix_ = 0;  // characters of the test's name and a dash
  std::map<std::string, int> numbers_;
  std::map<std::string, std::vector<double>> arrays_;
};

}  // namespace cmsis_nn
