package dev.muster.conformance.planted.libraries.registry;

import io.netty.buffer.ByteBuf;

record Buffers(ByteBuf forbidden) {}
