/// What is done with a request in a location, step by step, before and after an instance answers.
@NullMarked
package dev.muster.balancer.pipeline;

import org.jspecify.annotations.NullMarked;
