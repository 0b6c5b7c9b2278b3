/// Published architectures as specs: `nn::Network<nn::zoo::MobileNetV2<>, nn::Shape<224, 224, 3>>`. Numbers of classes
/// come last and are those of the paper where left out; an entry without template arguments has a template
/// `...For<classes>` beside it. What each costs is asserted in tests/static/zoo_costs.cpp.
#pragma once

#include <ctnn/zoo/alexnet.hpp>
#include <ctnn/zoo/efficientnet.hpp>
#include <ctnn/zoo/inverted_residuals.hpp>
#include <ctnn/zoo/lenet.hpp>
#include <ctnn/zoo/mcunet.hpp>
#include <ctnn/zoo/mlperf_tiny.hpp>
#include <ctnn/zoo/mobilenet_v1.hpp>
#include <ctnn/zoo/mobilenet_v2.hpp>
#include <ctnn/zoo/mobilenet_v3.hpp>
#include <ctnn/zoo/resnet.hpp>
#include <ctnn/zoo/seed.hpp>
#include <ctnn/zoo/shufflenet.hpp>
#include <ctnn/zoo/squeezenet.hpp>
