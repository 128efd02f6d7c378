package dev.arclight.azure.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.azure.uri.AzureMLUri.Root;
import dev.arclight.base.ArclightException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureMLUriTest {
    private static final Workspace WORKSPACE = new Workspace("0000-11", "my-rg", "my-ws");

    @ParameterizedTest
    @CsvSource({
        "azureml://datastores/blob/paths/a/b.csv, azureml://datastores/blob/paths, a/b.csv",
        "azureml://datastores/blob/paths/, azureml://datastores/blob/paths, ''",
        "azureml://datastores/blob, azureml://datastores/blob/paths, ''",
        "azureml://datastore/blob/paths/a, azureml://datastore/blob/paths, a",
        "AzureML://Datastores/blob/Paths/A, azureml://Datastores/blob/Paths, A",
        "azureml://datastores/blob/paths/paths/x, azureml://datastores/blob/paths, paths/x",
    })
    void aShortUriIsInTheWorkspaceOneWorksIn(String text, String base, String path) {
        assertThat(AzureMLUri.parse(text))
                .isEqualTo(new AzureMLUri(new Root.Datastore(Optional.empty(), "blob"), base, path));
    }

    @Test
    void aLongUriNamesItsWorkspaceWithOrWithoutProvider() {
        for (String middle : List.of("", "providers/Microsoft.MachineLearningServices/")) {
            AzureMLUri uri = AzureMLUri.parse("azureml://subscriptions/0000-11/resourceGroups/MY-rg/" + middle
                    + "workspaces/my-ws/datastores/blob/paths/x/y");
            assertThat(uri.root()).isEqualTo(new Root.Datastore(Optional.of(WORKSPACE), "blob"));
            assertThat(uri.path()).isEqualTo("x/y");
        }
    }

    @Test
    void dataAssetsHaveALongAShortAndARegistrysForm() {
        assertThat(AzureMLUri.parse("azureml:wine:3"))
                .isEqualTo(new AzureMLUri(
                        new Root.Data(Optional.empty(), "wine", "3"), "azureml://data/wine/versions/3", ""));
        assertThat(
                        AzureMLUri.parse(
                                "azureml://subscriptions/0000-11/resourcegroups/my-rg/workspaces/my-ws/data/wine/versions/3/red.csv"))
                .extracting(AzureMLUri::root, AzureMLUri::path)
                .containsExactly(new Root.Data(Optional.of(WORKSPACE), "wine", "3"), "red.csv");
        assertThat(AzureMLUri.parse("azureml://registries/shared/data/wine/versions/1")
                        .root())
                .isEqualTo(new Root.RegistryData("shared", "wine", "1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abfss://c@a/x | it does not begin with azureml:",
                "azureml:// | nothing follows azureml://; expected datastores",
                "azureml://datasets/x | part 1 is 'datasets', expected datastores, subscriptions, data or registries",
                "azureml://datastores/blob/path/x | part 3 is 'path', expected 'paths'",
                "azureml://datastores/b$b/paths/x | part 2, the datastore, is 'b$b', expected letters, digits",
                "azureml://subscriptions/0/resourcegroup/g | part 3 is 'resourcegroup', expected 'resourcegroups'",
                "azureml://subscriptions | it ends where the subscription's id is expected, after 'subscriptions'",
                "azureml://subscriptions/0/resourcegroups/g/providers/Microsoft.Storage/workspaces/w"
                        + " | part 6 is 'Microsoft.Storage', expected 'Microsoft.MachineLearningServices'",
                "azureml://subscriptions/0/resourcegroups/g/workspaces/w"
                        + " | it ends where 'datastores or data' is expected, after 'w'",
                "azureml://data/wine/3 | part 3 is '3', expected 'versions'",
                "azureml:wine | expected azureml://... or azureml:NAME:VERSION",
                "azureml::3 | the name of the data asset is ''",
            })
    void aRefusalNamesTheWrongPart(String text, String reason) {
        assertThatThrownBy(() -> AzureMLUri.parse(text))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(reason);
    }

    @Property
    void whatWasParsedIsWrittenAsItWasTyped(@ForAll("uris") String text) {
        AzureMLUri uri = AzureMLUri.parse(text);
        assertThat(uri.text()).isEqualTo(text);
        assertThat(AzureMLUri.parse(uri.text())).isEqualTo(uri);
        assertThat("azureml://" + uri.authority() + uri.above()).isEqualTo(uri.base());
    }

    /** A child of a path is found again: what a listing gives back can be asked for. */
    @Property
    void aChildIsInTheSameStore(@ForAll("uris") String text, @ForAll("files") String child) {
        AzureMLUri parent = AzureMLUri.parse(text);
        AzureMLUri below = AzureMLUri.parse(parent.text() + "/" + child);
        assertThat(below.root()).isEqualTo(parent.root());
        assertThat(below.base()).isEqualTo(parent.base());
        assertThat(below.path()).isEqualTo(parent.path().isEmpty() ? child : parent.path() + "/" + child);
    }

    /** Nothing but a sentence, whatever is typed. */
    @Property
    void anyTextIsParsedOrRefused(@ForAll String rest) {
        for (String text : new String[] {rest, "azureml:" + rest, "azureml://datastores/" + rest}) {
            try {
                assertThat(AzureMLUri.parse(AzureMLUri.parse(text).text()).root())
                        .isEqualTo(AzureMLUri.parse(text).root());
            } catch (ArclightException e) {
                assertThat(e.getMessage()).startsWith("No azureml URI: ");
            }
        }
    }

    @Provide
    Arbitrary<String> uris() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars("abcXYZ019_-.")
                .ofMinLength(1)
                .ofMaxLength(6)
                .filter(text -> Character.isLetterOrDigit(text.charAt(0)));
        Arbitrary<String> workspace = Arbitraries.of(
                        "",
                        "subscriptions/%s/resourcegroups/%s/workspaces/%s/",
                        "subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s/")
                .flatMap(form -> form.isEmpty()
                        ? Arbitraries.just("")
                        : Combinators.combine(name, name, name).as(form::formatted));
        Arbitrary<String> store = Arbitraries.oneOf(
                Combinators.combine(Arbitraries.of("datastores", "datastore"), name)
                        .as("%s/%s/paths"::formatted),
                Combinators.combine(name, name).as("data/%s/versions/%s"::formatted));
        return Combinators.combine(workspace, store, files().optional())
                .as((w, s, path) ->
                        "azureml://" + w + s + path.map(p -> "/" + p).orElse(""));
    }

    @Provide
    Arbitrary<String> files() {
        return Arbitraries.strings()
                .withChars("ab1 =.%äü~#?*[]{}:;,&@+")
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("/", parts));
    }
}
