using System.Diagnostics;
using System.Xml.Linq;
using TsVlm.Tests;

namespace TsVlm.Conventions.Tests;

/// <summary>The repository as git sees it: committed files and new ones that are not ignored.</summary>
internal static class Repository
{
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Projects => Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(TestFolders.Repository, file));

    /// <summary>Bytes of the files in a folder.</summary>
    public static long SizeOf(string folder) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal))
        .Sum(f => new FileInfo(Path.Combine(TestFolders.Repository, f)).Length);

    public static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    public static IReadOnlyList<string> References(string project) => Attributes(project, "ProjectReference").Select(NameOf).ToList();

    public static IReadOnlyList<string> Packages(string project) => Attributes(project, "PackageReference").ToList();

    private static IEnumerable<string> Attributes(string project, string element) =>
        XDocument.Parse(Read(project)).Descendants(element).Select(e => e.Attribute("Include")!.Value);

    private static List<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = TestFolders.Repository,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Where(f => File.Exists(Path.Combine(TestFolders.Repository, f)))];
    }
}
