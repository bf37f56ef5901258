package dev.muster.conformance.planted.libraries.balancer;

import tools.jackson.databind.JsonNode;

record ReadsJson(JsonNode forbidden) {}
