package dev.arclight.azure.arm;

/**
 * A version of a data asset; see {@code Data Versions - Get} of the REST API.
 *
 * @param type {@code uri_file}, {@code uri_folder} or {@code mltable}
 * @param uri where the data is: {@code azureml:}, {@code https:}, {@code abfss:}, {@code wasbs:}
 */
public record DataVersion(String type, String uri) {}
