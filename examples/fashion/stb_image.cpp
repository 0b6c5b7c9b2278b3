// The one place where stb_image is compiled, where it is installed, with the formats that files.hpp promises.
#if __has_include(<stb_image.h>)
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_PIC
#define STBI_NO_PSD
#define STBI_NO_TGA
#include <stb_image.h>
#endif
