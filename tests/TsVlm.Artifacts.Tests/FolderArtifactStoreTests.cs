namespace TsVlm.Artifacts.Tests;

public sealed class FolderArtifactStoreTests : ArtifactStoreContract
{
    protected override Task<StoreUnderTest> Create() => Task.FromResult<StoreUnderTest>(new FolderUnderTest());
}
