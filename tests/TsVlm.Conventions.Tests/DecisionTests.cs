using System.Text.RegularExpressions;

namespace TsVlm.Conventions.Tests;

/// <summary>The pages of docs/adr have one form, and the index lists each of them.</summary>
public partial class DecisionTests
{
    private static readonly string[] Sections = ["Context", "Decision", "Consequences"];

    public static TheoryData<string> Pages => new(Repository.Files.Where(f => FileName().IsMatch(f)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_decision_has_number_title_date_status_and_three_sections(string page)
    {
        var text = Repository.Read(page);
        var head = Head().Match(text);
        Assert.True(head.Success,
            $"{page}: expected '# N. Title', 'Date: YYYY-MM-DD' and 'Status: accepted' or 'Status: superseded by NNNN', an empty line between each.");
        Assert.Equal(int.Parse(FileName().Match(page).Groups[1].Value, null), int.Parse(head.Groups["number"].Value, null));
        Assert.Equal(Sections, Section().Matches(text).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void The_index_lists_every_decision_with_its_title_date_and_status()
    {
        var rows = Repository.Files.Where(f => FileName().IsMatch(f)).Order(StringComparer.Ordinal).Select(page =>
        {
            var head = Head().Match(Repository.Read(page));
            return $"| [{FileName().Match(page).Groups[1].Value}]({page["docs/adr/".Length..]}) | {head.Groups["title"].Value} | {head.Groups["date"].Value} | {head.Groups["status"].Value} |";
        });
        Assert.Equal(rows, Repository.Read("docs/adr/README.md").Split('\n')
            .Where(line => line.StartsWith("| [", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^docs/adr/(\d{4})-[\w-]+\.md$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A# (?<number>\d+)\. (?<title>[^\n]+)\n\nDate: (?<date>\d{4}-\d{2}-\d{2})\n\nStatus: (?<status>accepted|superseded by \d{4})\n\n")]
    private static partial Regex Head();

    [GeneratedRegex(@"^## (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Section();
}
