using System.Text.RegularExpressions;

namespace TsVlm.Conventions.Tests;

public partial class NamespaceTests
{
    public static TheoryData<string> Projects =>
        new(Repository.Projects.Where(project => !project.StartsWith("tests/", StringComparison.Ordinal)));

    [Fact]
    public void A_namespace_is_its_project_and_folder()
    {
        var wrong = Repository.Projects.SelectMany(project => SourcesOf(project)
            .Select(file => (file, expected: NamespaceOf(project, file))))
            .Where(source => Declaration().Match(Repository.Read(source.file)) is { Success: true } found
                && found.Groups[1].Value != source.expected);
        Assert.Empty(wrong.Where(source => source.file != "tests/TsVlm.Chaos/Assert.cs"));   // it stands in for xunit's in the shared files
    }

    /// <summary>A folder that uses another is not used by it in turn, however long the way.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void The_namespaces_of_a_project_have_no_cycle(string project)
    {
        var sources = SourcesOf(project).Select(file => (Namespace: NamespaceOf(project, file), Code: CodeOf(file))).ToList();
        var declared = sources.SelectMany(source => TypeDeclaration().Matches(source.Code)
            .Select(type => (source.Namespace, Name: type.Groups[1].Value))).ToList();
        var uses = sources.SelectMany(source => declared
                .Where(type => type.Namespace != source.Namespace && IsVisible(source, type.Namespace)
                    && Regex.IsMatch(source.Code, $@"(?<!\.\s*)\b{type.Name}\b(?!\s*[:=])"))
                .Select(type => (From: source.Namespace, To: type.Namespace)))
            .ToLookup(use => use.From, use => use.To);
        foreach (var name in sources.Select(source => source.Namespace).Distinct()) Assert.DoesNotContain(name, Reached(name, uses));
    }

    private static bool IsVisible((string Namespace, string Code) source, string name) =>
        source.Namespace.StartsWith(name + ".", StringComparison.Ordinal)
        || source.Code.Contains($"using {name};", StringComparison.Ordinal);

    private static HashSet<string> Reached(string from, ILookup<string, string> uses)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var next))
        {
            foreach (var used in uses[next].Where(reached.Add)) open.Push(used);
        }
        return reached;
    }

    private static IEnumerable<string> SourcesOf(string project)
    {
        var folder = project[..(project.LastIndexOf('/') + 1)];
        return Repository.Sources.Where(file => file.StartsWith(folder, StringComparison.Ordinal));
    }

    private static string NamespaceOf(string project, string file)
    {
        var inside = Path.GetDirectoryName(file[(project.LastIndexOf('/') + 1)..])!;
        return inside.Length == 0 ? Repository.NameOf(project) : $"{Repository.NameOf(project)}.{inside.Replace('/', '.')}";
    }

    /// <summary>A file without comments and texts.</summary>
    private static string CodeOf(string file) => CommentOrText().Replace(Repository.Read(file), "");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^(?:\w+ )*(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"//[^\n]*|(?<!\$)""[^""\n{]*""")]
    private static partial Regex CommentOrText();
}
