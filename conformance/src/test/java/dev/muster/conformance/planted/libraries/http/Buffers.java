package dev.muster.conformance.planted.libraries.http;

import io.netty.buffer.ByteBuf;

record Buffers(ByteBuf allowed) {}
