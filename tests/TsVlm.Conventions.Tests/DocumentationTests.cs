using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.Conventions.Tests;

public partial class DocumentationTests
{
    [Fact]
    public void Every_relative_link_in_the_documents_leads_somewhere()
    {
        foreach (var document in Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal)))
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

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"dotnet test [^\n""|]*?(?=\s*(\||$|2>))", RegexOptions.Multiline)]
    private static partial Regex TestCommand();
}
