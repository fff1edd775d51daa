#include "lib/crypto/internal/openssl.h"

#include <cstdlib>

#include "lib/base/log.h"

namespace sluis {

void CryptoFailure(std::string_view what) {
  LogEvent(LogLevel::kError, "CRYPTO_FAILURE", what);
  std::abort();
}

BytesView BioContent(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? BytesView(data, static_cast<std::size_t>(size)) : BytesView();
}

}  // namespace sluis
