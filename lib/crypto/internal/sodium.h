// libsodium must be started before its allocator and random generator are used.
#pragma once

namespace sluis {

// Starts it once; ends the process if that fails. Thread-safe.
void EnsureSodium();

}  // namespace sluis
