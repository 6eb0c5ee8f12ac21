#include "frontends/Net/Readers.h"
bool spada::net::readOnnx(std::string_view, const std::string &file,
                          const Settings &, Network &, Error &error) {
  return fail(error, file, "ONNX files cannot be read");
}
