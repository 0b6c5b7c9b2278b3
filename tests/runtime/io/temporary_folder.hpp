/// A folder for one test.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <system_error>

/// Removed with everything in it at the end of its scope.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_{std::filesystem::temp_directory_path() / ("ctnn_io_" + std::to_string(std::random_device{}()))} {
    std::filesystem::create_directory(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};
