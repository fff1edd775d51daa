// Descriptors of sealed documents. Property: a descriptor has one encoding, and the size
// that it promises fits its length.
#include <cstdint>
#include <cstdlib>

#include "lib/sealing/document_stream.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  const BytesView input(reinterpret_cast<const char*>(data), size);
  const SecretBytes content = SecretBytes::CopyOf(input);
  const auto descriptor = ParseStreamDescriptor(content);
  if (!descriptor.ok()) return 0;
  Require(EncodeStreamDescriptor(*descriptor).Equals(content));
  Require(descriptor->length <= kMaxDocument);
  const std::uint64_t chunks = StreamChunkCount(descriptor->length);
  Require(chunks >= 1 && chunks * kStreamChunk >= descriptor->length);
  Require((chunks - 1) * kStreamChunk < descriptor->length || descriptor->length == 0);
  Require(StreamCiphertextSize(descriptor->length) == descriptor->length + 16 * chunks);
  return 0;
}
