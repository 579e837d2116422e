using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace TsVlm.Artifacts.Blobs;

/// <summary>The one place that turns the setting <c>ConnectionStrings__blobs</c> into a client.</summary>
public static class BlobConnection
{
    /// <summary>Name of the setting, as Aspire sets it too.</summary>
    public const string Setting = "ConnectionStrings__blobs";

    /// <summary>Name of the container that holds all artifacts.</summary>
    public const string ContainerName = "artifacts";

    private const string Expected =
        "expected an Azure storage connection string, or the https URI of a blob service (https://ACCOUNT.blob.core.windows.net)";

    /// <summary>
    /// The client of the artifacts' container; nothing is sent yet. A connection string carries its own credentials; with a URI they come
    /// from
    /// <see cref="DefaultAzureCredential"/> (managed identity, workload identity, environment, Azure CLI), or from the URI's own signature
    /// (SAS).
    /// </summary>
    /// <exception cref="ArtifactStoreException">
    /// The value is neither; the message tells what is wrong but never repeats it, as it may hold a key.
    /// </exception>
    public static BlobContainerClient Container(string? value, BlobStoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Wrong("nothing");
        if (Parse(value) is (Uri uri, null)) return OfService(uri, options).GetBlobContainerClient(ContainerName);
        try
        {
            return new BlobServiceClient(Parse(value).ConnectionString, ClientOptions(options)).GetBlobContainerClient(ContainerName);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            throw Wrong($"neither ({error.Message.Split('\n')[0].Trim().TrimEnd('.')})");
        }
    }

    /// <summary>
    /// The URI of a service whose credentials are found elsewhere, or a connection string that carries its own, as a URI with a signature
    /// does.
    /// </summary>
    private static (Uri? ServiceUri, string? ConnectionString) Parse(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")) return (null, value);
        return uri.Query.Contains("sig=", StringComparison.Ordinal)
            ? (null, $"BlobEndpoint={uri.GetLeftPart(UriPartial.Path)};SharedAccessSignature={uri.Query[1..]}")
            : (uri, null);
    }

    private static BlobServiceClient OfService(Uri uri, BlobStoreOptions options)
    {
        if (uri.Scheme != Uri.UriSchemeHttps) throw Wrong($"a URI with {uri.Scheme}, over which no credential is sent");
        return new(uri, new DefaultAzureCredential(), ClientOptions(options));
    }

    private static BlobClientOptions ClientOptions(BlobStoreOptions options)
    {
        // The version is stated because the package's own default is newer than what Azurite 3.37 answers to.
        var client = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06);
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = options.MaxRetries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = options.MaxRetryDelay;
        client.Retry.NetworkTimeout = options.RequestTimeout;
        if (options.Retrying is { } retrying) client.AddPolicy(new RetryNotice(retrying), HttpPipelinePosition.PerRetry);
        return client;
    }

    private static ArtifactStoreException Wrong(string found) => new($"{Setting}: {Expected}, found {found}. Set it in the environment.");

    private sealed class RetryNotice(Action<int, string> retrying) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            // The query of the address may hold a signature.
            if (message.ProcessingContext.RetryNumber is > 0 and var retry)
                retrying(retry, $"{message.Request.Method} {message.Request.Uri.ToUri().GetLeftPart(UriPartial.Path)}");
        }
    }
}
