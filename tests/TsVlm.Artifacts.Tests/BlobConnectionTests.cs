using TsVlm.Artifacts.Blobs;

namespace TsVlm.Artifacts.Tests;

public sealed class BlobConnectionTests
{
    private const string Secret = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";

    [Theory]
    [InlineData("https://account.blob.core.windows.net", "https://account.blob.core.windows.net/artifacts")]
    [InlineData("https://account.blob.core.windows.net/", "https://account.blob.core.windows.net/artifacts")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1?sv=2026-06-06&sig=abc", "http://127.0.0.1:10000/devstoreaccount1/artifacts")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1/artifacts")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Secret
        + "==;EndpointSuffix=core.windows.net", "https://account.blob.core.windows.net/artifacts")]
    public void A_connection_string_or_a_uri_leads_to_the_container(string value, string expected) =>
        Assert.Equal(expected, BlobConnection.Container(value, new()).Uri.GetLeftPart(UriPartial.Path));

    [Theory]
    [InlineData(null, "found nothing")]
    [InlineData(" ", "found nothing")]
    [InlineData("account", "found neither")]
    [InlineData("AccountKey=" + Secret, "found neither")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Secret, "found neither")]
    [InlineData("amqp://guest@localhost", "found neither")]
    [InlineData("http://account.blob.core.windows.net", "found a URI with http")]
    public void A_wrong_value_is_one_error_that_names_the_setting_and_keeps_the_secret(string? value, string found)
    {
        var error = Assert.Throws<ArtifactStoreException>(() => BlobConnection.Container(value, new()));
        Assert.StartsWith("ConnectionStrings__blobs: expected an Azure storage connection string, or the https URI", error.Message);
        Assert.Contains(found, error.Message);
        Assert.DoesNotContain(Secret, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
