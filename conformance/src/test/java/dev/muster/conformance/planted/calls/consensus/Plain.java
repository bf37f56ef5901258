package dev.muster.conformance.planted.calls.consensus;

import java.util.List;
import org.jspecify.annotations.Nullable;

record Plain(int number, List<String> words, @Nullable String maybe) {}
