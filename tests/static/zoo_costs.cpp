// The zoo costs what its authors and others say, to the unit. Unless a line names another source, parameters are the
// "num_params" of torchvision's documentation (github.com/pytorch/vision, torchvision/models) and multiply-accumulates
// are counted on torchvision's modules, by hooks on every Conv2d and Linear; rounded to a million they are its
// "GFLOPS".

#include <cstddef>
#include <cstdint>

#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/zoo.hpp>

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

namespace {

template <class Spec, class In>
constexpr nn::Cost cost = nn::Bound<Spec, In>::cost;

template <std::uint64_t actual, std::uint64_t expected>
concept equal = (actual == expected);  // prints both numbers where it fails
template <class Spec, class In>
constexpr std::uint64_t macs_of = cost<Spec, In>.macs;
template <class Spec, class In>
constexpr std::uint64_t params_of = cost<Spec, In>.params;
template <class Spec, class In, std::uint64_t macs, std::uint64_t params>
concept costs = equal<macs_of<Spec, In>, macs> && equal<params_of<Spec, In>, params>;

template <std::size_t size>
using Image = nn::Shape<size, size, 3>;

// The article that introduces it has the four terms of this sum.
static_assert(costs<zoo::Seed, nn::Shape<28, 28, 1>, (60'840 + 259'200 + 737'280 + 2'560) / 2, 370'338>);

// By hand: 28^2 * 6 * 25 + 10^2 * 16 * 150 + 120 * 400 + 84 * 120 + 10 * 84.
static_assert(costs<zoo::LeNet5, nn::Shape<32, 32, 1>, 416'520, 61'706>);

static_assert(costs<zoo::AlexNet, Image<224>, 714'188'480, 61'100'840>);
static_assert(costs<zoo::SqueezeNet10, Image<224>, 818'924'576, 1'248'424>);
static_assert(costs<zoo::SqueezeNet11, Image<224>, 349'151'936, 1'235'496>);

// The paper's table of widths: 569 and 41 million multiply-adds, 4.2 and 0.5 million parameters. To the unit, Keras's
// MobileNet: its trainable parameters.
static_assert(costs<zoo::MobileNetV1<>, Image<224>, 568'740'352, 4'231'976>);
static_assert(costs<zoo::MobileNetV1<25>, Image<224>, 41'030'272, 470'072>);

static_assert(costs<zoo::MobileNetV2<>, Image<224>, 300'774'272, 3'504'872>);
// TensorFlow's table of checkpoints (models/research/slim/nets/mobilenet): 59, 97, 209 and 582 million.
static_assert(costs<zoo::MobileNetV2<35>, Image<224>, 59'285'808, 1'677'128>);
static_assert(costs<zoo::MobileNetV2<50>, Image<224>, 97'131'840, 1'968'680>);
static_assert(costs<zoo::MobileNetV2<75>, Image<224>, 209'069'792, 2'636'424>);
static_assert(costs<zoo::MobileNetV2<140>, Image<224>, 582'195'824, 6'108'776>);

static_assert(costs<zoo::MobileNetV3Large, Image<224>, 216'589'760, 5'483'032>);
static_assert(costs<zoo::MobileNetV3Small, Image<224>, 56'510'400, 2'542'856>);

// NetAug (github.com/mit-han-lab/tinyml, netaug/README.md): 81.8 million multiply-accumulates, 0.74 million parameters.
static_assert(costs<zoo::MCUNet, Image<176>, 81'785'520, 737'408>);

// The last row of the paper's table 1, in millions. It leaves the fully connected layer out.
template <std::size_t groups, std::size_t last_channels>
constexpr std::uint64_t millions_of_shufflenet_v1 = (macs_of<zoo::ShuffleNetV1<groups>, Image<224>> -
                                                     1000 * last_channels + 500'000) /
                                                    1'000'000;
static_assert(equal<millions_of_shufflenet_v1<1, 576>, 143>);
static_assert(equal<millions_of_shufflenet_v1<2, 800>, 140>);
static_assert(equal<millions_of_shufflenet_v1<3, 960>, 137>);
static_assert(equal<millions_of_shufflenet_v1<4, 1088>, 133>);
static_assert(equal<millions_of_shufflenet_v1<8, 1536>, 137>);
// As counted on the authors' code (github.com/megvii-model/ShuffleNet-Series), which has these two; its classifier has
// no bias, this one has 1,000.
static_assert(costs<zoo::ShuffleNetV1<3>, Image<224>, 137'460'672, 1'864'728 + 1'000>);
static_assert(costs<zoo::ShuffleNetV1<8>, Image<224>, 138'365'952, 2'433'768 + 1'000>);

static_assert(costs<zoo::ShuffleNetV2<50>, Image<224>, 40'476'448, 1'366'792>);
static_assert(costs<zoo::ShuffleNetV2<>, Image<224>, 144'907'992, 2'278'604>);
static_assert(costs<zoo::ShuffleNetV2<150>, Image<224>, 295'759'392, 3'503'624>);
static_assert(costs<zoo::ShuffleNetV2<200>, Image<224>, 583'253'464, 7'393'996>);

static_assert(costs<zoo::ResNet<18>, Image<224>, 1'814'073'344, 11'689'512>);
static_assert(costs<zoo::ResNet<34>, Image<224>, 3'663'761'408, 21'797'672>);
static_assert(costs<zoo::ResNet<50>, Image<224>, 4'089'184'256, 25'557'032>);
static_assert(costs<zoo::ResNet<101>, Image<224>, 7'801'405'440, 44'549'160>);

// Each at the resolution of the authors' implementation.
template <std::size_t n, std::uint64_t macs, std::uint64_t params>
concept efficientnet_costs = costs<zoo::EfficientNet<n>, Image<zoo::efficientnet_resolution<n>>, macs, params>;
static_assert(efficientnet_costs<0, 385'814'752, 5'288'548>);
static_assert(efficientnet_costs<1, 686'802'832, 7'794'184>);
static_assert(efficientnet_costs<2, 993'561'872, 9'109'994>);
static_assert(costs<zoo::EfficientNet<2>, Image<288>, 1'087'529'456, 9'109'994>);  // torchvision's resolution
static_assert(efficientnet_costs<3, 1'827'141'392, 12'233'232>);
static_assert(efficientnet_costs<4, 4'393'771'024, 19'341'616>);
static_assert(efficientnet_costs<5, 10'266'384'752, 30'389'784>);
static_assert(efficientnet_costs<6, 19'067'593'536, 43'040'704>);
static_assert(efficientnet_costs<7, 37'745'884'192, 66'347'960>);

// MLPerf Tiny, counted on the benchmark's TensorFlow Lite files.
static_assert(costs<zoo::KeywordSpottingDSCNN, nn::Shape<49, 10, 1>, 2'656'768, 22'604>);
static_assert(costs<zoo::ImageClassificationResNet8, Image<32>, 12'501'632, 77'706>);
static_assert(costs<zoo::VisualWakeWordsMobileNet, Image<96>, 7'489'664, 210'850>);
static_assert(costs<zoo::AnomalyDetectionAutoencoder, nn::Shape<640>, 264'192, 265'864>);

// The rounding rules.
static_assert(zoo::scaled_channels(32, 100) == 32 && zoo::scaled_channels(16, 35) == 8);
static_assert(zoo::scaled_channels(24, 110) == 24);  // 26.4: 24 is nearest, and less than a tenth below
static_assert(zoo::scaled_channels(24, 75) == 24);   // 18: 16 would be a ninth below
static_assert(zoo::scaled_channels(72, 25) == 24);
static_assert(zoo::efficientnet_scaling(7).channels(32) == 64 && zoo::efficientnet_scaling(7).repeats(4) == 13);

// Other numbers of classes than ImageNet's: a fully connected layer of another width, nothing else.
static_assert(equal<cost<zoo::MobileNetV2<>, Image<224>>.params - cost<zoo::MobileNetV2<100, 10>, Image<224>>.params,
                    990 * (1280 + 1)>);
static_assert(
    equal<cost<zoo::AlexNet, Image<224>>.params - cost<zoo::AlexNetFor<10>, Image<224>>.params, 990 * (4096 + 1)>);

}  // namespace
