/// Who answers requests: the instances of services and the clusters they form.
@NullMarked
package dev.muster.balancer.upstream;

import org.jspecify.annotations.NullMarked;
