/// `/v1/catalog/…` and `/v1/health/…`.
@NullMarked
package dev.muster.consul.catalog;

import org.jspecify.annotations.NullMarked;
