#include <type_traits>

#include <ctnn/zoo/zoo.hpp>

#include "networks.hpp"
#ifdef CTNN_HAVE_XNNPACK
#include "xnnpack.hpp"
#endif

namespace nn = ctnn;

namespace {

/// LeNet-5 as the ONNX model has it: with ReLU, and the input padded by the first convolution.
using LeNet5 = nn::Sequential<nn::Conv2d<6, nn::Kernel<5>, nn::Padding<2>>, nn::ReLU, nn::AvgPool2d<nn::Kernel<2>>,
                              nn::Conv2d<16, nn::Kernel<5>>, nn::ReLU, nn::AvgPool2d<nn::Kernel<2>>, nn::Flatten,
                              nn::Linear<120>, nn::ReLU, nn::Linear<84>, nn::ReLU, nn::Linear<10>>;
static_assert(nn::Network<LeNet5, nn::Shape<28, 28, 1>>::cost.macs ==
              nn::Network<nn::zoo::LeNet5, nn::Shape<32, 32, 1>>::cost.macs);

template <ctnn::NumberFormat N, class Spec, class Input>
void add_xnnpack([[maybe_unused]] const std::string& name) {
#ifdef CTNN_HAVE_XNNPACK
  benchmark::RegisterBenchmark((row_name<N>(name) + "/XNNPACK").c_str(), run_xnnpack_network<N, Spec, Input>)
      ->Unit(benchmark::kMicrosecond);
#endif
}

/// Beside XNNPACK too, which has no average pool of signed bytes.
template <class Spec, class Input>
void add_small(const std::string& name, const std::string& model) {
  add<Spec, Input>(name, model);
  add_xnnpack<nn::F32, Spec, Input>(name);
  if constexpr (!std::is_same_v<Spec, LeNet5>) add_xnnpack<nn::Int8, Spec, Input>(name);
}

}  // namespace

void add_tiny() {
  add_small<nn::zoo::Seed, nn::Shape<28, 28, 1>>("seed", "N1_seed_mnist");
  add_in_16_bits<nn::zoo::Seed, nn::Shape<28, 28, 1>>("seed");
  add_small<LeNet5, nn::Shape<28, 28, 1>>("LeNet-5", "N2_lenet5");
  add_small<nn::zoo::KeywordSpottingDSCNN, nn::Shape<49, 10, 1>>("KWS_DS-CNN", "N3_kws_dscnn");
  add_small<nn::zoo::ImageClassificationResNet8, nn::Shape<32, 32, 3>>("IC_ResNet-8", "N4_ic_resnet8");
  add_small<nn::zoo::VisualWakeWordsMobileNet, nn::Shape<96, 96, 3>>("VWW_MobileNetV1", "N5_vww_mbv1_025");
  add_small<nn::zoo::AnomalyDetectionAutoencoder, nn::Shape<640>>("AD_autoencoder", "N6_ad_autoenc");
}
