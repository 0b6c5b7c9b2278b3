// A classifier as firmware would hold it: the model in read-only memory, packed by the compiler; one static arena; no
// heap, no start-up code. Built with -fno-exceptions -fno-rtti.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "fashion/networks.hpp"
#include "fashion/sample_images.hpp"
#include "fashion/separable_weights.hpp"

namespace nn = ctnn;
using Model = fashion::SeparableModel;

static_assert(nn::at_most<sizeof(Model), 40'000>);         // bytes of flash
static_assert(nn::at_most<sizeof(Model::Arena), 40'000>);  // bytes of RAM

constinit const Model model{nn::WeightsView<Model>{fashion::separable_weights}};
constinit Model::Arena arena{};

// Whoever allocates ends the program.
void* operator new(std::size_t) { std::abort(); }
void operator delete(void*) noexcept {}
void operator delete(void*, std::size_t) noexcept {}

int main() {
  int correct = 0;
  for (const fashion::Sample& sample : fashion::samples) {
    fashion::Logits logits;
    model.run(fashion::to_image(sample.pixels), logits, arena);
    const std::size_t predicted = nn::argmax(logits);
    std::printf("%s: %s\n", fashion::class_names[sample.label], fashion::class_names[predicted]);
    if (predicted == static_cast<std::size_t>(sample.label)) ++correct;
  }
  return correct == 11 ? 0 : 1;  // one of the twelve is a hard one
}
