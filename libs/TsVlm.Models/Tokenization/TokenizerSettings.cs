using System.Text.Json;

namespace TsVlm.Models.Tokenization;

/// <summary>
/// What the files beside a tokenizer say of it: tokenizer_config.json, special_tokens_map.json and added_tokens.json, each optional.
/// </summary>
internal sealed record TokenizerSettings(TokenRoles Roles, IReadOnlyList<AddedToken> Added, IReadOnlySet<string> Additional, bool Legacy,
    bool AddPrefixSpace)
{
    public static TokenizerSettings Read(string folder)
    {
        var config = JsonSetting.ReadIfThere(Path.Combine(folder, "tokenizer_config.json"));
        var map = JsonSetting.ReadIfThere(Path.Combine(folder, "special_tokens_map.json"));
        var roles = new TokenRoles(Role("bos_token"), Role("eos_token"), Role("pad_token"), Role("unk_token"));
        var additional = new[] { config, map }
            .SelectMany(f => f?.Find("additional_special_tokens")?.Elements ?? [])
            .Select(Content).ToHashSet(StringComparer.Ordinal);

        var added = new Dictionary<int, AddedToken>();
        foreach (var (id, token) in config?.Find("added_tokens_decoder")?.Members ?? [])
        {
            if (!int.TryParse(id, out var number)) throw token.Unexpected($"a token id as the key, not '{id}'");
            added[number] = ReadToken(number, token);
        }
        var isSpecial = additional.Concat(new[] { roles.Begin, roles.End, roles.Pad, roles.Unknown }.OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (content, id) in JsonSetting.ReadIfThere(Path.Combine(folder, "added_tokens.json"))?.Members ?? [])
            added.TryAdd(id.Number, new AddedToken(id.Number, content) { Special = isSpecial.Contains(content) });

        foreach (var token in OriginalLlavaForm.Find(folder)?.AddedTokens() ?? []) added.TryAdd(token.Id, token);

        // transformers 4.47: LlamaTokenizer without the key is a legacy one.
        return new TokenizerSettings(roles, [.. added.Values.OrderBy(t => t.Id)], additional,
            config?.Find("legacy")?.Flag ?? true, config?.Find("add_prefix_space")?.Flag ?? true);

        string? Role(string key) => (config?.Find(key) ?? map?.Find(key)) is { } setting ? Content(setting) : null;
    }

    /// <summary>An added token as tokenizer.json and tokenizer_config.json write it.</summary>
    public static AddedToken ReadToken(int id, JsonSetting token) => new(id, token["content"].Text)
    {
        Special = token.Find("special")?.Flag ?? false,
        Normalized = token.Find("normalized")?.Flag ?? false,
        LeftStrip = token.Find("lstrip")?.Flag ?? false,
        RightStrip = token.Find("rstrip")?.Flag ?? false,
        SingleWord = token.Find("single_word")?.Flag ?? false,
    };

    private static string Content(JsonSetting setting) =>
        setting.Value.ValueKind is JsonValueKind.Object ? setting["content"].Text : setting.Text;
}
