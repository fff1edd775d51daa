// For tests alone: a document under a given key and prefix, as published vectors need it. In use, a
// repeated key and prefix would repeat nonces, and so give both documents away.
#pragma once

#include "lib/sealing/document_stream.h"

namespace sluis {

absl::StatusOr<StreamDescriptor> EncryptDocumentWithKeyForTest(SecretBytes key,
                                                               const StreamPrefix& prefix,
                                                               const SealId& seal_id,
                                                               const ByteSource& plain,
                                                               const ByteSink& sealed);

}  // namespace sluis
