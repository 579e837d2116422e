namespace TsVlm.Artifacts.Tests;

public sealed class FolderSnapshotTests : SnapshotContract
{
    protected override Task<StoreUnderTest> Create() => Task.FromResult<StoreUnderTest>(new FolderUnderTest());
}
