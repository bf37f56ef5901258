/// Spring Cloud Consul against a server of ours.
@NullMarked
package dev.muster.conformance.spring;

import org.jspecify.annotations.NullMarked;
