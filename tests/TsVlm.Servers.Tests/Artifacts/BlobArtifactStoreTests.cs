namespace TsVlm.Servers.Tests;

public sealed class BlobArtifactStoreTests(SharedAzurite azurite) : ArtifactStoreContract
{
    protected override async Task<StoreUnderTest> Create() => new BlobUnderTest(await azurite.ConnectionString());
}
