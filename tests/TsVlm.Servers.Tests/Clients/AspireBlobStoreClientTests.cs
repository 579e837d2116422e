using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests;

/// <summary>Clients/Aspire/BlobStoreClient.cs, which this project compiles for itself, on Azurite.</summary>
public sealed class AspireBlobStoreClientTests(SharedAzurite azurite) : IDisposable
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Samples, new string('a', 64));
    private static readonly BlobStoreOptions Brief = new() { MaxRetries = 1, RetryDelay = TimeSpan.FromSeconds(0.1), RequestTimeout = TimeSpan.FromSeconds(3) };
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Artifacts_go_up_and_down_with_a_connection_string_and_with_a_signed_address(bool isSigned)
    {
        var connection = await azurite.ConnectionString();
        if (isSigned)
        {
            connection = new BlobServiceClient(connection).GenerateAccountSasUri(
                AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasResourceTypes.All).AbsoluteUri;
        }
        await using var host = Build(connection);
        var container = host.GetRequiredService<BlobContainerClient>();
        Assert.Equal(BlobConnection.Container(connection, Brief).Uri.GetLeftPart(UriPartial.Path), container.Uri.GetLeftPart(UriPartial.Path));
        using var store = new BlobArtifactStore(container, folder.Path, Brief);
        var work = store.CreateWorkFolder();
        await File.WriteAllTextAsync(Path.Combine(work, "file"), "content", Stop);
        await store.Publish(Key, work, Stop);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(await store.Fetch(Key, Stop), "file"), Stop));
        Assert.Equal(HealthStatus.Healthy, await Health(host));
        await store.Remove(await store.List(Stop).FirstAsync(part => part.Key == Key, Stop), Stop);
    }

    [Fact]
    public async Task A_store_that_is_away_is_not_healthy_and_the_stated_retries_are_used()
    {
        await using var server = await TestServer.Start("azurite");
        await using var host = Build(server.ConnectionString);
        Assert.Equal(HealthStatus.Healthy, await Health(host));
        await server.Stop();
        Assert.Equal(HealthStatus.Unhealthy, await Health(host));
        using var store = new BlobArtifactStore(host.GetRequiredService<BlobContainerClient>(), folder.Path, Brief);
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.Find(Key, Stop));
        Assert.IsType<AggregateException>(error.InnerException);
        Assert.Equal(Brief.MaxRetries + 1, ((AggregateException)error.InnerException).InnerExceptions.Count);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("http://account.blob.core.windows.net")]
    [InlineData("AccountKey=secret")]
    public void A_connection_that_the_plain_client_refuses_is_refused_with_the_same_message(string connection)
    {
        var plain = Assert.Throws<ArtifactStoreException>(() => BlobConnection.Container(connection, Brief));
        Assert.Equal(plain.Message, Assert.Throws<ArtifactStoreException>(() => Build(connection)).Message);
    }

    [Fact]
    public async Task An_address_without_a_signature_is_kept_for_a_credential_that_is_found_elsewhere()
    {
        await using var host = Build("https://account.blob.core.windows.net");
        var client = host.GetRequiredService<BlobServiceClient>();
        Assert.Equal(("https://account.blob.core.windows.net/", false), (client.Uri.AbsoluteUri, client.CanGenerateAccountSasUri));
    }

    public void Dispose() => folder.Dispose();

    private static ServiceProvider Build(string connection)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration[$"ConnectionStrings:{BlobConnection.Name}"] = connection;
        builder.AddBlobStoreClient(connection, Brief);
        return builder.Services.BuildServiceProvider();
    }

    private static async Task<HealthStatus> Health(ServiceProvider host)
    {
        var report = await host.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        return Assert.Single(report.Entries, entry => entry.Key == "Azure_BlobServiceClient").Value.Status;
    }
}
