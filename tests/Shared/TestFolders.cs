namespace TsVlm.Tests;

/// <summary>
/// Where tests find files: the repository, the fixtures in it, and the archive's data sets, which are not ours to publish.
/// </summary>
internal static class TestFolders
{
    /// <summary>The folder that holds TsVlm.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>One folder of Hugging Face reference outputs.</summary>
    public static string Fixture(string name) => Path.Combine(Repository, "tests", "fixtures", name);

    /// <summary>The data sets of the UCR/UEA archives; the test is skipped, with the reason, where they are absent.</summary>
    public static string ArchiveData()
    {
        var folder = Environment.GetEnvironmentVariable("TSVLM_TEST_DATA") ?? Path.Combine(Repository, "..", "shared", "data");
        Assert.SkipUnless(Directory.Exists(folder),
            $"The archive's data sets are not at {folder}; they are not part of this repository. Set TSVLM_TEST_DATA to a folder of NAME/NAME_TRAIN.ts.");
        return Path.GetFullPath(folder);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TsVlm.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No TsVlm.sln above {AppContext.BaseDirectory}.");
    }
}
