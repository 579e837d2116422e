using TsVlm.Artifacts.Tests;

namespace TsVlm.Servers.Tests.Artifacts;

public sealed class BlobArtifactStoreTests(SharedAzurite azurite) : ArtifactStoreContract
{
    protected override async Task<StoreUnderTest> Create() => new BlobUnderTest(await azurite.ConnectionString());
}
