using TsVlm.Models.Tokenization;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

/// <summary>Model folders that hold a tokenizer only, made of the fixtures.</summary>
internal static class TokenizerFolders
{
    private static readonly string[] Settings = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>tiny500 or stories512 as a SentencePiece model.</summary>
    public static Tokenizer SentencePiece(string name, bool legacy)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Source(name), "tokenizer.model"), folder.File("tokenizer.model"));
        CopySettings(Source(name), folder, legacy);
        return Tokenizer.Open(folder.Path);
    }

    /// <summary>A tokenizer.json of the fixtures, with tiny500's settings beside it or with its own.</summary>
    public static Tokenizer Json(string name)
    {
        using var folder = new TemporaryFolder();
        var file = name == "tiny500.metaspace"
            ? Path.Combine(TestFolders.Fixture("tokenizers"), "tiny500.metaspace.tokenizer.json")
            : Path.Combine(Source(name), "tokenizer.json");
        File.Copy(file, folder.File("tokenizer.json"));
        CopySettings(Source(name), folder, legacy: false);
        return Tokenizer.Open(folder.Path);
    }

    /// <summary>A folder with the files of that name and content.</summary>
    public static Tokenizer Of(params (string Name, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in files) File.WriteAllText(folder.File(name), content);
        return Tokenizer.Open(folder.Path);
    }

    private static void CopySettings(string source, TemporaryFolder folder, bool legacy)
    {
        foreach (var name in Settings.Where(n => File.Exists(Path.Combine(source, n))))
            File.WriteAllText(folder.File(name), File.ReadAllText(Path.Combine(source, name))
                .Replace("\"legacy\": false", legacy ? "\"legacy\": true" : "\"legacy\": false", StringComparison.Ordinal));
    }

    private static string Source(string name) =>
        name.StartsWith("tiny500", StringComparison.Ordinal) ? TestFolders.Fixture("llava-tiny") : Stories();

    /// <summary>stories260K's tokenizer is not part of the repository.</summary>
    private static string Stories()
    {
        var folder = Path.Combine(TestFolders.Repository, "..", "shared", "fixtures", "hf-parity", "stories260K-hf");
        Assert.SkipUnless(Directory.Exists(folder), $"The tokenizer of stories260K is not at {folder}; it is not part of this repository.");
        return folder;
    }
}
