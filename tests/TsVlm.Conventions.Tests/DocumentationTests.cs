using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.Conventions.Tests;

public partial class DocumentationTests
{
    private const int MaxReadmeLines = 150;
    private const int MaxLineLength = 120;

    private static IEnumerable<string> Documents => Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void The_readme_has_at_most_150_lines() =>
        Assert.InRange(Repository.Read("README.md").Count(c => c == '\n'), 1, MaxReadmeLines);

    [Fact]
    public void Prose_of_the_readme_wraps_at_120_characters() =>
        Assert.Empty(Repository.Read("README.md").Split('\n').Where(line => line.Length > MaxLineLength && !line.StartsWith('|')));

    [Fact]
    public void The_index_of_the_documentation_links_every_page()
    {
        var linked = Link().Matches(Repository.Read("docs/README.md")).Select(link => link.Groups[1].Value).ToHashSet();
        var pages = Documents.Where(f => f.StartsWith("docs/", StringComparison.Ordinal)
            && !f.StartsWith("docs/adr/", StringComparison.Ordinal))
            .Select(f => f["docs/".Length..]).Where(f => f != "README.md");
        Assert.Empty(pages.Except(linked));
    }

    [Fact]
    public void Every_link_to_a_heading_names_a_heading_of_its_document()
    {
        foreach (var document in Documents)
        {
            var folder = Path.GetDirectoryName(Path.Combine(TestFolders.Repository, document))!;
            foreach (Match link in Link().Matches(Repository.Read(document)))
            {
                if (link.Groups[1].Value.Split('#') is not [var target, var anchor] || target.Contains("://", StringComparison.Ordinal))
                    continue;
                var path = target.Length == 0 ? Path.Combine(TestFolders.Repository, document) : Path.Combine(folder, target);
                if (!path.EndsWith(".md", StringComparison.Ordinal)) continue;
                var anchors = Heading().Matches(File.ReadAllText(path)).Select(heading => Anchor(heading.Groups[1].Value));
                Assert.True(anchors.Contains(anchor),
                    $"{document} links to {link.Groups[1].Value}, but {Path.GetFileName(path)} has no such heading.");
            }
        }
    }

    [Fact]
    public void Every_relative_link_in_the_documents_leads_somewhere()
    {
        foreach (var document in Documents)
        {
            var folder = Path.GetDirectoryName(Path.Combine(TestFolders.Repository, document))!;
            foreach (Match link in Link().Matches(Repository.Read(document)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
                Assert.True(Path.Exists(Path.Combine(folder, target)), $"{document} links to {target}, which is not there.");
            }
        }
    }

    [Fact]
    public void The_readme_names_the_test_command_that_continuous_integration_runs()
    {
        var command = TestCommand().Match(Repository.Read(".ci/run")).Value;
        Assert.NotEmpty(command);
        Assert.Contains(command, Repository.Read("README.md"));
    }

    /// <summary>The anchor that GitHub gives a heading: lower case, blanks as hyphens, no punctuation.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"dotnet test [^\n""|]*?(?=\s*(\||$|2>))", RegexOptions.Multiline)]
    private static partial Regex TestCommand();
}
