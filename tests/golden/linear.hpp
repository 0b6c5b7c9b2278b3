// Written by generate.py: outputs of PyTorch.
// clang-format off
#pragma once

#include "golden/numbers.hpp"

namespace golden {

inline constexpr float linear_outputs[] = {
    -0.37380362F, 0.3343221F, 0.09103739F, 1.684399F, -1.237689F, -1.7130299F, 0.64953494F, 0.32402807F, 0.7859719F,
    -1.7402127F, -2.159501F, -2.0509443F, 0.67374516F, 1.122087F, -1.3164954F, -1.4410741F, 0.521329F, -1.8598524F,
    -0.46672297F, -1.7932479F, 1.6151583F, 2.2597299F, -0.7464665F, 1.7306906F, 0.591922F, 3.086907F, 1.83403F,
    -0.11373645F, -0.8611214F, 0.45306396F, -3.1107564F, 1.1634029F, 0.8589355F,
};
inline constexpr Golden linear{"linear", "weight bias", linear_outputs, 33};

inline constexpr float linear_no_bias_outputs[] = {
    1.3488292F, -1.3600987F, 2.3822303F, -0.5698725F, -0.7841145F,
};
inline constexpr Golden linear_no_bias{"linear_no_bias", "weight", linear_no_bias_outputs, 5};

inline constexpr float linear_of_one_outputs[] = {
    -1.27154F,
};
inline constexpr Golden linear_of_one{"linear_of_one", "weight bias", linear_of_one_outputs, 1};

inline constexpr float linear_wide_outputs[] = {
    -0.37050653F, 1.9241207F, 0.3287136F, 1.5623412F, -0.95547885F, -0.84285027F, 0.99554515F, -0.82672834F, 1.7794267F,
    -1.0336908F, -1.2541943F, 0.7368016F, 2.120407F, 2.0838063F, -1.6262337F, -1.0100628F, 0.25990003F, -1.4321418F,
    -1.4380288F, -3.3038673F, 2.047258F, 1.1398569F, -0.73316884F, 3.3734903F, 1.7531725F, 1.5503539F, 2.8932896F,
    -1.2166692F, -2.1065083F, 2.1155734F, -1.4252605F, 0.5302758F, 0.5070034F, -1.1879487F, 1.521411F, 0.9546856F,
    1.1329567F, -1.3668063F, -1.9589165F, -1.6778011F, -1.4630075F, -0.79463756F, -2.5029562F, -0.76845425F,
    -0.07368791F, -1.2910774F, 0.8515744F, 1.8786253F, 0.70460546F, -1.4356354F, 2.0121408F, 0.18438305F, 2.500053F,
    -2.5634525F, -3.0040207F, -0.23676452F, -0.7317211F, -2.562533F, 2.277103F, 0.49250948F, 1.5916395F, 0.7465508F,
    -1.4687741F, -2.0457087F, -1.2899221F, 0.46627057F, 0.26636398F, -1.5120703F, 0.5608101F, 0.44529343F, 1.1858879F,
    0.804801F, 2.1199427F, -1.4081627F, 0.7260008F, 0.8135643F, -0.111756146F, 0.57825637F, 2.415494F, 1.8007272F,
    -0.10473052F, -0.37581602F, 2.5147257F, 0.120808035F, 1.2041128F, -1.7358916F, 0.154028F, -1.1593585F, -2.3168774F,
    0.3765576F, -0.011630058F, 0.6712541F, 0.4845547F, -1.9923911F, -0.493191F, 2.751425F, -2.1981862F, -1.7137129F,
    -0.17214155F, 2.105957F, -0.19602996F, -0.7745408F, -0.044240475F, -1.3293736F, -0.07348946F, -1.4916698F,
    -0.1977619F, -0.052219868F, 1.3774045F, 0.16642913F, 1.6328948F, 1.2611325F, 0.3302613F, 0.5530123F, -1.3660883F,
    0.83115554F, -2.0211906F, -0.97929674F, -0.1066962F, 1.3169522F, -1.709353F, 0.048633844F, -1.8954878F, -1.424422F,
    0.29059047F, 0.8775285F, 1.8083947F, -1.6971881F, -0.84567225F, 1.160173F,
};
inline constexpr Golden linear_wide{"linear_wide", "weight bias", linear_wide_outputs, 130};

inline constexpr float linear_chain_outputs[] = {
    -1.2541199F, 0.11044109F, 0.7153691F, 2.3806865F, -0.9937514F, 1.9775532F, -0.9133734F, -0.069524884F, 0.6103036F,
    -0.60945624F,
};
inline constexpr Golden linear_chain{"linear_chain", "0.weight 0.bias 2.weight 2.bias 4.weight 4.bias", linear_chain_outputs, 10};

inline constexpr float linear_batch_norm_outputs[] = {
    0.562476F, 0.06336452F, 0, 4.8029504F, 0.94016474F, 0.42403412F, 0.19809446F, 0, 0, 0, 0, 0, 0, 2.5256712F,
    1.2114874F, 0.66216505F, 0.2712485F,
};
inline constexpr Golden linear_batch_norm{"linear_batch_norm", "0.weight 0.bias 1.weight 1.bias 1.running_mean 1.running_var", linear_batch_norm_outputs, 17};

inline constexpr float flatten_linear_outputs[] = {
    -0.48362088F, 3.6481707F, 0.35625404F, 1.8333375F, -0.8200104F, -0.49840423F, 2.390872F,
};
inline constexpr Golden flatten_linear{"flatten_linear", "1.weight 1.bias", flatten_linear_outputs, 7};

inline constexpr float flatten_linear_one_channel_outputs[] = {
    -0.36477065F, 0.555324F, 0.9255217F, 2.3719046F, 0.2843306F, 1.1417435F, 1.1980128F,
};
inline constexpr Golden flatten_linear_one_channel{"flatten_linear_one_channel", "1.weight 1.bias", flatten_linear_one_channel_outputs, 7};

inline constexpr float flatten_linear_one_pixel_outputs[] = {
    -0.37380362F, 0.3343221F, 0.09103739F, 1.684399F, -1.237689F, -1.7130299F, 0.64953494F, 0.32402807F,
};
inline constexpr Golden flatten_linear_one_pixel{"flatten_linear_one_pixel", "1.weight 1.bias", flatten_linear_one_pixel_outputs, 8};

inline constexpr float flatten_sequence_linear_outputs[] = {
    -1.6249809F, 0.7195555F, -1.4184456F, 1.0097172F, -1.018021F, -0.88737565F, 0.38177F, -0.50773346F, 2.5445635F,
};
inline constexpr Golden flatten_sequence_linear{"flatten_sequence_linear", "1.weight 1.bias", flatten_sequence_linear_outputs, 9};

inline constexpr float flatten_last_outputs[] = {
    0.87F, -0.614F, 1.24F, -0.552F, -0.126F, 0.942F, 0.754F, -1.152F, 1.194F, -0.816F, 1.898F, 0.828F, -1.49F, 0.212F,
    -1.906F, 0.742F, -0.636F, 0.896F, 1.866F, -0.734F, -0.122F, 1.516F, 1.228F, -0.518F, -0.968F, 1.774F, 0.128F,
    1.708F, 0.776F, -0.778F, 0.54F, 1.254F, -0.316F, 1.47F, -0.51F, -1.114F, -0.334F, 1.496F, 1.398F, 1.276F, -0.25F,
    0.966F, 1.066F, 0.372F, -0.394F, -1.28F, -0.352F, 1.16F, 1.99F, -0.78F, -1.294F, -0.734F, 0.006F, -0.99F, -1.992F,
    -0.354F, -0.578F, 0.304F, -1.386F, 0.684F,
};
inline constexpr Golden flatten_last{"flatten_last", "", flatten_last_outputs, 60};

inline constexpr float flatten_after_conv_outputs[] = {
    0, 0, 0, 0, 0, 0.24127267F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.95959836F, 0.8221348F, 1.4215132F,
    1.3123114F, 1.1258366F, 1.3112087F, 2.8999372F, 0.3335721F, 0.42902243F, 1.931445F, 1.9450111F, 0.87770516F,
    1.060047F, 1.4422725F, 1.073084F, 0.890305F, 1.8702852F, 2.2374744F, 0.29353207F, 1.2080953F, 0, 0, 0.39503697F,
    0.20370732F, 0.36281598F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.12330801F, 0, 0, 1.5881712F, 1.6320398F, 1.5407404F,
    1.9138291F, 2.2868636F, 1.7956264F, 0.95621216F, 2.6401286F, 2.2808776F, 2.804195F, 2.4860356F, 1.8588918F,
    1.2503829F, 2.1709397F, 2.2408106F, 2.8067374F, 1.2041326F, 0.39344954F, 2.795266F, 1.837305F, 0, 0, 0, 0, 0,
    0.14568442F, 0, 0, 0.119901955F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.45837748F, 0, 0, 0.928703F, 0, 0, 0, 0, 0,
    0.44436756F, 0, 0.41936398F, 0, 0, 0.882941F, 0, 0, 0, 0, 2.13212F, 1.1646942F, 2.2486067F, 0.6110451F, 0.9319051F,
    1.4154705F, 1.6135556F, 1.9783608F, 1.133499F, 0.1836395F, 1.6873932F, 1.1265019F, 1.9642605F, 1.1289543F,
    1.1318042F, 1.1301565F, 0.5207329F, 1.933229F, 1.1832522F, 0.816323F, 0.2089955F, 0, 0, 0.9065441F, 0.89085907F,
    0.87192345F, 0, 0.070476934F, 0.23677137F, 0.99566644F, 0, 0, 0.08550599F, 0.07753299F, 0.8462301F, 0, 0.84320354F,
    0.46291295F, 0, 0.514261F,
};
inline constexpr Golden flatten_after_conv{"flatten_after_conv", "0.weight 0.bias", flatten_after_conv_outputs, 160};

inline constexpr float flatten_activation_linear_outputs[] = {
    -1.2175088F, 1.0513163F, -0.38657406F, 1.5212374F, -0.60200053F, 0.371467F, 1.8658261F, 1.9620534F,
};
inline constexpr Golden flatten_activation_linear{"flatten_activation_linear", "3.weight 3.bias", flatten_activation_linear_outputs, 8};

inline constexpr float conv_flatten_activation_linear_outputs[] = {
    -0.72690475F, 1.8794961F, -0.54935855F, -1.3042059F, -0.24051128F, 0.84637594F, -0.47362885F, -0.9503659F,
};
inline constexpr Golden conv_flatten_activation_linear{"conv_flatten_activation_linear", "0.weight 0.bias 3.weight 3.bias", conv_flatten_activation_linear_outputs, 8};

inline constexpr float flatten_batch_norm_linear_outputs[] = {
    -3.4357324F, 1.3416517F, 1.4624519F, -0.8019054F, -0.47954297F, 1.8478884F, -1.9774095F, -0.9610056F,
};
inline constexpr Golden flatten_batch_norm_linear{"flatten_batch_norm_linear", "1.weight 1.bias 1.running_mean 1.running_var 2.weight 2.bias", flatten_batch_norm_linear_outputs, 8};

inline constexpr float flatten_dropout_linear_outputs[] = {
    -0.48362088F, 3.6481707F, 0.35625404F, 1.8333375F, -0.8200104F, -0.49840423F, 2.390872F, 2.223467F,
};
inline constexpr Golden flatten_dropout_linear{"flatten_dropout_linear", "2.weight 2.bias", flatten_dropout_linear_outputs, 8};

inline constexpr float flatten_softmax_outputs[] = {
    0.040609147F, 0.009207269F, 0.05879127F, 0.009796188F, 0.014999148F, 0.043640837F, 0.003834325F, 0.021030914F,
    0.0025294288F, 0.035730097F, 0.009006922F, 0.041678835F, 0.0064623524F, 0.10028273F, 0.019336479F, 0.09387775F,
    0.03696581F, 0.0078145955F, 0.0121824145F, 0.07594378F, 0.06885435F, 0.060946316F, 0.013249944F, 0.044700895F,
    0.12446112F, 0.0077989837F, 0.00466456F, 0.008166116F, 0.017115653F, 0.006321733F,
};
inline constexpr Golden flatten_softmax{"flatten_softmax", "", flatten_softmax_outputs, 30};

inline constexpr float flatten_prelu_linear_outputs[] = {
    0.834002F, -0.7886936F, 1.2037586F, 0.8161364F, -0.3822633F,
};
inline constexpr Golden flatten_prelu_linear{"flatten_prelu_linear", "1.weight 2.weight 2.bias", flatten_prelu_linear_outputs, 5};

inline constexpr float flatten_residual_outputs[] = {
    1.4979094F, 0.6566373F, -1.3630869F, -1.3876698F, 0.65303874F,
};
inline constexpr Golden flatten_residual{"flatten_residual", "1.main.weight 1.main.bias 2.weight 2.bias", flatten_residual_outputs, 5};

inline constexpr float flatten_residual_of_two_outputs[] = {
    0.775598F, 2.8284786F, 0, 0, 1.1858141F, 0.21058361F, 0, 0, 1.5562084F, 1.9349394F, 0, 0, 0, 0, 2.5882206F, 0, 0,
    1.314764F, 0.37144363F, 2.377715F, 0, 1.258563F, 0.6345431F, 1.0896287F,
};
inline constexpr Golden flatten_residual_of_two{"flatten_residual_of_two", "1.main.0.weight 1.main.0.bias 1.main.2.weight 1.main.2.bias", flatten_residual_of_two_outputs, 24};

inline constexpr float flatten_two_readers_outputs[] = {
    -1.3727609F, 1.8941905F, -2.5829766F, 0.10210574F, -1.1092744F, -0.67240465F, -0.51389396F, -0.6884429F,
};
inline constexpr Golden flatten_two_readers{"flatten_two_readers", "1.0.weight 1.0.bias 1.1.1.weight 1.1.1.bias", flatten_two_readers_outputs, 8};

inline constexpr float flatten_concat_outputs[] = {
    0.876469F, 0.46589887F, -1.1303066F, -0.96182764F,
};
inline constexpr Golden flatten_concat{"flatten_concat", "1.0.weight 1.0.bias 2.weight 2.bias", flatten_concat_outputs, 4};

inline constexpr float flatten_in_branch_outputs[] = {
    -1.6249809F, 0.7195555F, -1.4184456F, 1.0097172F, 0.29333332F, -0.36366662F, 0.44000003F, 0.7586667F, -0.30033335F,
    0.87F, -0.614F, 1.24F, -0.552F, -0.126F, 0.942F, -1.49F, 0.212F, -1.906F, 0.742F, -0.636F, 0.896F, -0.968F, 1.774F,
    0.128F, 1.708F, 0.776F, -0.778F, -0.334F, 1.496F, 1.398F, 1.276F, -0.25F, 0.966F, 1.99F, -0.78F, -1.294F, -0.734F,
    0.006F, -0.99F,
};
inline constexpr Golden flatten_in_branch{"flatten_in_branch", "0.1.weight 0.1.bias", flatten_in_branch_outputs, 39};

inline constexpr float flatten_activation_last_outputs[] = {
    -0.596383F, -0.8415519F, 0.6882148F, 0.92492825F, 0.1790679F, -0.21463722F,
};
inline constexpr Golden flatten_activation_last{"flatten_activation_last", "0.weight 0.bias", flatten_activation_last_outputs, 6};

inline constexpr float flatten_multiply_outputs[] = {
    -0.5981377F, -0.51855737F, 0.22446416F, -0.52437437F, 1.8613782F, -0.22380204F, -3.7488112F, 0.5918645F,
    -1.4623706F, -0.5057542F, -0.4296968F, -3.0196037F, -0.8816806F, 3.0832238F, -3.2724128F, -0.5729974F, 1.8562778F,
    0.38537887F, 0.436525F, 1.0528253F,
};
inline constexpr Golden flatten_multiply{"flatten_multiply", "1.1.weight 1.1.bias", flatten_multiply_outputs, 20};

inline constexpr float flatten_padded_conv_linear_outputs[] = {
    0.23066127F, 0.17076695F, 0.3366651F, -2.1263747F, 0.20310877F, 1.700729F,
};
inline constexpr Golden flatten_padded_conv_linear{"flatten_padded_conv_linear", "0.0.weight 0.0.bias 1.0.weight 1.0.bias 1.1.0.weight 1.1.0.bias 3.weight 3.bias", flatten_padded_conv_linear_outputs, 6};

inline constexpr float flatten_of_value_with_borders_outputs[] = {
    -0.43058062F, 2.5204792F, 0.21812344F, 1.5643792F, -0.22048697F, 0.027769033F, -0.17691298F, 0.269064F,
    -0.35924202F, -0.39391544F, 0.76590353F, 0.20618215F, -0.331997F, 0.31525347F, -0.38821247F, 0.68773353F,
    0.8472795F, 2.1604967F, 1.684495F, 1.4831765F, 0.81583F, 0.30008158F, -1.411775F, -0.085541986F, 0.7863054F,
    0.5917785F, 0.17420751F, 0.79480547F,
};
inline constexpr Golden flatten_of_value_with_borders{"flatten_of_value_with_borders", "1.0.1.weight 1.0.1.bias 1.1.0.weight 1.1.0.bias", flatten_of_value_with_borders_outputs, 28};

inline constexpr float flatten_twice_outputs[] = {
    -1.6249809F, 0.7195555F, -1.4184456F, 1.0097172F, -1.018021F, -0.88737565F,
};
inline constexpr Golden flatten_twice{"flatten_twice", "2.weight 2.bias", flatten_twice_outputs, 6};

}  // namespace golden
