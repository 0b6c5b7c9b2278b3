# Prints the wall time to compile and link, and the size of the stripped executable, for every example
# and for generated networks of 60 and 120 layers. Run by the target compile_time; nothing else should be running.
separate_arguments(FLAGS UNIX_COMMAND "${FLAGS}")
list(TRANSFORM INCLUDES PREPEND -I)
set(folder ${CMAKE_CURRENT_BINARY_DIR}/compile_time)
file(MAKE_DIRECTORY ${folder})

function(measure name)
  string(TIMESTAMP begin "%s%f")
  execute_process(COMMAND ${COMPILER} -std=c++20 ${FLAGS} -s ${INCLUDES} ${ARGN} -pthread -o ${folder}/${name}
    RESULT_VARIABLE result ERROR_VARIABLE error)
  string(TIMESTAMP end "%s%f")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${name} does not compile:\n${error}")
  endif()
  file(SIZE ${folder}/${name} size)
  math(EXPR milliseconds "(${end} - ${begin}) / 1000")
  math(EXPR kilobytes "${size} / 1024")
  message("${name}: ${milliseconds} ms, ${kilobytes} KiB")
endfunction()

file(GLOB examples ${EXAMPLES}/*.cpp)
list(FILTER examples EXCLUDE REGEX "/student\\.cpp$") # it needs files of fashion
foreach(example IN LISTS examples)
  cmake_path(GET example STEM name)
  measure(${name} ${example})
endforeach()
file(GLOB fashion ${EXAMPLES}/fashion/*.cpp)
measure(fashion ${fashion})

# A deep network, every convolution of another width: nothing is shared but the micro-kernels.
foreach(depth 60 120)
  set(layers "")
  math(EXPR convolutions "${depth} / 3")
  foreach(i RANGE 1 ${convolutions})
    math(EXPR width "8 + 8 * (${i} % 12)")
    string(APPEND layers "nn::Conv2d<${width}, nn::Kernel<3>, nn::Padding<1>>, nn::BatchNorm2d<>, nn::ReLU, ")
  endforeach()
  file(WRITE ${folder}/layers_${depth}.cpp "#include <ctnn/ctnn.hpp>
namespace nn = ctnn;
using Model = nn::Network<nn::Sequential<${layers}nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<10>>, nn::Shape<16, 16, 3>>;
int main() {
  const auto model = nn::make_model<Model>(nn::Weights<Model>{});
  static Model::Arena arena;
  nn::Tensor<float, nn::Shape<16, 16, 3>> x;
  nn::Tensor<float, nn::Shape<10>> y;
  model->run(x, y, arena);
  return y[0] > 0 ? 1 : 0;
}
")
  measure(layers_${depth} ${folder}/layers_${depth}.cpp)
endforeach()
