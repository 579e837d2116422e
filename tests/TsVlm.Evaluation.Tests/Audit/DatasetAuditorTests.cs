using System.Text.Json;
using System.Xml.Linq;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Readers;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using TsVlm.Experiments.Grid;
using TsVlm.Pages;
using TsVlm.Pages.Audit;
using TsVlm.Tests;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class DatasetAuditorTests
{
    [Theory]
    [InlineData("CBF")]
    [InlineData("SyntheticControl")]
    [InlineData("TwoPatterns")]
    [InlineData("ShapeletSim")]
    [InlineData("ArmMotions")]
    public void Generated_data_sets_get_no_warning(string name)
    {
        var audit = AuditOf(BuiltInDatasets.Generate(name), scenarios: [.. GridExpansion.Of(ScenarioPresets.Open("quick")).Scenarios]);
        Assert.Empty(audit.Findings.Where(f => f.Severity > AuditSeverity.Note).Select(f => f.Found));
        Assert.All(Enum.GetValues<AuditCheck>(), check => Assert.NotNull(audit.Of(check)));
    }

    [Fact]
    public void Resamples_and_the_pooled_protocol_get_no_warning_either()
    {
        Assert.True(AuditOf(Clean(), resamples: [1, 2]).Severity < AuditSeverity.Warning);
        Assert.True(AuditOf(Clean(), "80-10-10", [0, 1]).Severity < AuditSeverity.Warning);
    }

    [Fact]
    public void Long_checks_tell_the_series_they_are_at()
    {
        var told = new List<string>();
        new DatasetAuditor([Both], Model, [new("official", 0)], new() { MaxSamples = 4 }).Run(Clean(30, 30), Stop, told.Add);
        foreach (var check in (string[])["near copies, series 60 of 60", "overlaps, series 1 of 60", "overlaps, series 60 of 60",
            "official-0, input shift, channel 1 of 1, series 1 of 60", "official-0, input shift, channel 1 of 1, series 60 of 60"])
            Assert.Contains(check, told);
    }

    [Fact]
    public void Equal_input_and_seed_give_equal_files()
    {
        string Files()
        {
            var (json, csv, page) = (new StringWriter(), new StringWriter(), new StringWriter());
            DatasetAudit[] audits = [AuditOf(Faulty())];
            AuditOutput.Json(audits, json);
            AuditOutput.Csv(audits, csv);
            AuditOutput.Pairs(audits, csv);
            AuditPage.Write(audits, Heading, page);
            return $"{json}{csv}{page}";
        }
        Assert.Equal(Files(), Files());
    }

    [Fact]
    public void A_data_set_that_cannot_be_split_or_shown_is_a_problem_with_the_reason()
    {
        var unsplit = AuditOf(Clean(numTest: 0));
        Assert.Contains("expected training and test cases for protocol official", unsplit.Gravest(AuditCheck.Usable).Found);
        Assert.Equal(AuditSeverity.Problem, unsplit.Severity);
        var tight = AuditOf(Clean(),
            scenarios: Both with { Name = "tight", Representation = Both.Representation with { ContextLength = 40 } });
        Assert.Equal(("tight", AuditSeverity.Problem), (tight.Gravest(AuditCheck.Usable).Subject, tight.Severity));
        Assert.Contains("context length", tight.Gravest(AuditCheck.Usable).Found);
        Assert.Equal(AuditSeverity.Problem, AuditOf(new Dataset("Empty", ["a"], [], [], [])).Severity);
    }

    [Fact]
    public void Labels_that_look_alike_are_a_warning()
    {
        var clean = Clean();
        var cases = clean.Cases.Select(c => c with { Label = c.Label == clean.Classes[0] ? "Up" : "up" }).ToList();
        var data = new Dataset("Alike", ["Up", "up"], [.. cases.Take(clean.NumOfficialTrain)], [.. cases.Skip(clean.NumOfficialTrain)], []);

        var finding = AuditOf(data).Gravest(AuditCheck.Usable);

        Assert.Equal((AuditSeverity.Warning, "2 labels look alike and count as different classes: 'Up', 'up'."), (finding.Severity, finding.Found));
    }

    [Fact]
    public void Scenarios_of_one_representation_are_looked_at_once()
    {
        var audit = AuditOf(Clean(), scenarios: [Both, Both with { Name = "longer", Recipe = new() { Epochs = 9 } }, Text]);
        Assert.Equal(["both, longer", "text"], audit.Findings.Where(f => f.Check is AuditCheck.LabelInSample).Select(f => f.Subject)
            .Distinct());
    }

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_but_itself()
    {
        var page = new StringWriter();
        AuditPage.Write([AuditOf(Faulty()), AuditOf(Clean()), DatasetAudit.Unreadable("Bad <b>", "Bad_TRAIN.ts(3): expected a number.")],
            Heading, page);
        var document = XDocument.Parse(page.ToString());
        Assert.DoesNotContain("http", page.ToString());
        Assert.Contains("Bad <b>", document.Root!.Value);   // escaped
        var ids = document.Descendants().Attributes("id").Select(a => a.Value).ToHashSet();
        Assert.Subset(ids, document.Descendants().Attributes("href").Select(a => a.Value[1..]).ToHashSet());
        Assert.Contains("2 data sets of 3 would give wrong metrics or none", document.Root.Value);
    }

    [Fact]
    public void Names_of_data_sets_scenarios_and_classes_are_escaped()
    {
        const string Name = "<script>alert(1)</script>&\"'";
        var clean = Clean();
        var named = clean.With((i, c) => (i == 100 ? clean.Cases[7] : c) with { Label = c.Label == "bell" ? Name : c.Label }, ["cylinder",
            Name, "funnel"]);
        var audit = AuditOf(named, scenarios: Both with { Name = Name }) with { Name = Name };
        var page = new StringWriter();
        AuditPage.Write([audit], Heading with { Title = Name, Command = Name }, page);
        var document = XDocument.Parse(page.ToString());
        Assert.DoesNotContain(document.Descendants(), e => e.Value == "alert(1)");
        Assert.All(["h1", "summary", "pre"],
            e => Assert.Contains(document.Descendants(e), d => d.Value.Contains(Name, StringComparison.Ordinal)));
        Assert.Contains(document.Descendants("td"), d => d.Value == Name);   // the scenario that a finding is of
    }

    [Fact]
    public void The_findings_are_json_and_the_pairs_a_table()
    {
        using var folder = new TemporaryFolder();
        AuditOutput.Write([AuditOf(Faulty())], Heading, folder.Path);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File(AuditOutput.JsonName)));
        Assert.Equal("problem", json.RootElement.GetProperty("severity").GetString());
        var findings = json.RootElement.GetProperty("datasets")[0].GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, f => f.GetProperty("check").GetString() == "duplicates"
            && f.GetProperty("cases").EnumerateArray().Select(c => c.GetInt32()).SequenceEqual([100]));
        var table = File.ReadAllLines(folder.File(AuditOutput.CsvName));
        Assert.Equal("dataset,severity,check,of,found,advice,num_cases,metrics", table[0]);
        Assert.Equal(findings.Count, table.Length - 1);
        Assert.Contains(table, line => line.StartsWith("CBF,problem,duplicates,official-0,", StringComparison.Ordinal)
            && line.EndsWith(",1,share of test cases=0.0166667", StringComparison.Ordinal));
        var lines = File.ReadAllLines(folder.File(AuditOutput.PairsName));
        Assert.Equal("dataset,kind,first,first_file,first_label,second,second_file,second_label,same_label,distance,offset,crosses",
            lines[0]);
        Assert.Equal($"CBF,equal,7,train,{Clean().Cases[7].Label},100,test,{Clean().Cases[7].Label},yes,0,0,official-0", lines[1]);
    }

    /// <summary>What the archives' own notes tell, found by the audit: test series that also occur in training, value for value.</summary>
    [Theory]
    [InlineData("ToeSegmentation1", 4, AuditSeverity.Problem)]
    [InlineData("Worms", 10, AuditSeverity.Problem)]
    [InlineData("PLAID", 5, AuditSeverity.Warning)]
    [InlineData("Strawberry", 1, AuditSeverity.Warning)]
    [InlineData("GunPoint", 0, AuditSeverity.Ok)]
    public void Known_repeats_of_the_archive_are_found(string name, int count, AuditSeverity severity)
    {
        var folder = TestFolders.ArchiveData();
        Assert.SkipUnless(DatasetReader.List(folder).Contains(name), $"The data set {name} is not in {folder}.");
        var dataset = DatasetReader.Read(folder, name);
        var found = DuplicateCheck.Of(dataset, new("official", 0, Splitter.Split(dataset, "official", 0)), PairSearch.Of(dataset, 0, Stop))
            .First();
        Assert.Equal((count, severity), (found.Cases.Count, found.Severity));
    }

    private static ReportHeading Heading { get; } =
        new("Audit", new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), "tsvlm audit", "1");

    private static Dataset Faulty() => Clean().With((i, c) => i == 100 ? Clean().Cases[7] : c);
}
