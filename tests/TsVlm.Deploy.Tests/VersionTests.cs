using System.Text.RegularExpressions;
using System.Xml.Linq;
using TsVlm.Tests;

namespace TsVlm.Deploy.Tests;

/// <summary>Directory.Build.props states the version; whatever repeats it must agree.</summary>
public partial class VersionTests
{
    private static string Version { get; } = Assert.Single(XDocument.Parse(Read("Directory.Build.props")).Descendants("Version")).Value;

    [Theory]
    [InlineData("deploy/helm/tsvlm/Chart.yaml", @"^appVersion: ""(.+)""$", 1)]
    [InlineData("deploy/compose/compose.yaml", @"TSVLM_TAG:-([^}]+)\}", 5)]
    [InlineData("deploy/compose/compose.gpu.yaml", @"TSVLM_TAG:-([^}]+)\}-cuda", 1)]
    [InlineData("docs/kubernetes.md", @"tsvlm-\$service-(.+?)\.tar", 1)]
    public void A_file_that_repeats_the_version_agrees_with_Directory_Build_props(string file, string pattern, int count)
    {
        var found = Regex.Matches(Read(file), pattern, RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(Enumerable.Repeat(Version, count), found);
    }

    [Fact]
    public void The_image_script_takes_its_tag_from_Directory_Build_props()
    {
        // The script reads the file with this very expression; a line of another form would give an empty tag.
        Assert.Contains(@"sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props", Read("deploy/images.sh"));
        Assert.Equal(Version, Assert.Single(VersionLine().Matches(Read("Directory.Build.props"))).Groups[1].Value);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(TestFolders.Repository, file));

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex VersionLine();
}
