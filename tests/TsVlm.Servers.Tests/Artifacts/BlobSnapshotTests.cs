using TsVlm.Artifacts.Tests;

namespace TsVlm.Servers.Tests.Artifacts;

public sealed class BlobSnapshotTests(SharedAzurite azurite) : SnapshotContract
{
    protected override async Task<StoreUnderTest> Create() => new BlobUnderTest(await azurite.ConnectionString());
}
