// Weights of the zoo's networks that torchvision has too are found under the names, in the shapes and in the order of
// its state_dicts (without num_batches_tracked, which no network reads at inference).

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/zoo.hpp>

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

namespace {

template <class Spec>
using Table = nn::detail::WeightTable<nn::Bound<Spec, nn::Shape<224, 224, 3>>, nn::F32>;

/// FNV-1a of the lines "name dim dim ...": what this prints for a torchvision model.
///   h = 0xcbf29ce484222325
///   for name, tensor in model.state_dict().items():
///       if not name.endswith("num_batches_tracked"):
///           for byte in " ".join([name, *map(str, tensor.shape)]).encode() + b"\n":
///               h = (h ^ byte) * 0x100000001b3 % 2**64
///   print(hex(h))
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;

  constexpr void add(char c) { value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
  constexpr void add(std::string_view text) {
    for (const char c : text) add(c);
  }
  constexpr void add(std::size_t number) {
    if (number >= 10) add(number / 10);
    add(static_cast<char>('0' + number % 10));
  }
};
template <class Spec>
constexpr std::uint64_t hash_of_names = [] {
  Hash hash;
  for (std::size_t n = 0; n < Table<Spec>::count; ++n) {
    const nn::WeightInfo& info = Table<Spec>::infos[n];
    hash.add(info.name.view());
    for (std::size_t i = 0; i < info.rank; ++i) {
      hash.add(' ');
      hash.add(info.dims[i]);
    }
    hash.add('\n');
  }
  return hash.value;
}();

template <std::uint64_t actual, std::uint64_t expected>
concept equal = (actual == expected);  // prints both numbers where it fails
template <class Spec, std::size_t count, std::uint64_t hash>
concept names = equal<Table<Spec>::count, count> && equal<hash_of_names<Spec>, hash>;

static_assert(names<zoo::AlexNet, 16, 0x9c95254209ef2ea0>);
static_assert(names<zoo::SqueezeNet10, 52, 0x01980000da4bd103>);
static_assert(names<zoo::SqueezeNet11, 52, 0xe076ec377ca0d666>);
static_assert(names<zoo::MobileNetV2<>, 262, 0x561d5d6ac9bb89e7>);
static_assert(names<zoo::MobileNetV2<35>, 262, 0xa42f37e8cad5875e>);
static_assert(names<zoo::MobileNetV3Large, 266, 0xd5c1191fbd977fd6>);
static_assert(names<zoo::MobileNetV3Small, 210, 0xf47ecf7ffd208a43>);
static_assert(names<zoo::ShuffleNetV2<50>, 282, 0x130909ad91063aa7>);
static_assert(names<zoo::ShuffleNetV2<>, 282, 0xf0228cf5dab10041>);
static_assert(names<zoo::ShuffleNetV2<150>, 282, 0x27dd24301571bfa3>);
static_assert(names<zoo::ShuffleNetV2<200>, 282, 0xbc6ac88d0af5eb98>);
static_assert(names<zoo::ResNet<18>, 102, 0xa2d7ad47fbfb21fa>);
static_assert(names<zoo::ResNet<34>, 182, 0x8d93fd8fcfe7d10e>);
static_assert(names<zoo::ResNet<50>, 267, 0x23278986925f4e2b>);
static_assert(names<zoo::ResNet<101>, 522, 0xd34fbcda362aae34>);
static_assert(names<zoo::EfficientNet<0>, 311, 0xe7b7950aacf3c8d4>);
static_assert(names<zoo::EfficientNet<1>, 439, 0xb0755b2fc4db6fca>);
static_assert(names<zoo::EfficientNet<7>, 1037, 0xf77e918df0489703>);

// Some of them to read.
template <class Spec>
constexpr bool has(std::initializer_list<std::string_view> weights) {
  for (const std::string_view name : weights) {
    if (Table<Spec>::find(name) == Table<Spec>::count) return false;
  }
  return true;
}
static_assert(has<zoo::AlexNet>({"features.0.weight", "features.10.bias", "classifier.1.weight", "classifier.6.bias"}));
static_assert(has<zoo::SqueezeNet10>({"features.0.weight", "features.3.squeeze.weight", "features.3.expand1x1.bias",
                                      "features.12.expand3x3.weight", "classifier.1.weight"}));
static_assert(has<zoo::MobileNetV2<>>({"features.0.0.weight", "features.0.1.running_var", "features.1.conv.0.0.weight",
                                       "features.1.conv.1.weight", "features.2.conv.0.0.weight",
                                       "features.17.conv.3.bias", "features.18.0.weight", "classifier.1.weight"}));
static_assert(has<zoo::MobileNetV3Large>({"features.1.block.0.0.weight", "features.4.block.2.fc1.weight",
                                          "features.4.block.3.0.weight", "classifier.0.weight", "classifier.3.bias"}));
static_assert(has<zoo::ShuffleNetV2<>>({"conv1.0.weight", "stage2.0.branch1.0.weight", "stage2.0.branch2.5.weight",
                                        "stage2.1.branch2.0.weight", "stage4.3.branch2.6.running_mean",
                                        "conv5.0.weight", "fc.bias"}));
static_assert(has<zoo::ResNet<50>>({"conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "layer1.0.bn3.weight",
                                    "layer1.0.downsample.0.weight", "layer4.2.conv3.weight", "fc.weight"}));
static_assert(has<zoo::EfficientNet<0>>({"features.0.0.weight", "features.1.0.block.0.0.weight",
                                         "features.1.0.block.1.fc1.bias", "features.2.1.block.2.fc2.weight",
                                         "features.8.1.bias", "classifier.1.weight"}));
static_assert(!has<zoo::ResNet<18>>({"layer1.0.downsample.0.weight"}) &&
              !has<zoo::ResNet<18>>({"layer1.0.conv3.weight"}));

}  // namespace
