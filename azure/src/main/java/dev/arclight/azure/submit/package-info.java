/**
 * Drivers on Azure's services: {@code arclight submit --master aml} (a Ray cluster for one application, on an Azure ML
 * compute cluster), {@code aml-serverless} and {@code synapse} (the service's own Spark). Starts from
 * {@link dev.arclight.azure.submit.AmlSubmitter}; what runs on the nodes is {@code arclight-aml-start.py} among the
 * resources.
 */
@NullMarked
package dev.arclight.azure.submit;

import org.jspecify.annotations.NullMarked;
