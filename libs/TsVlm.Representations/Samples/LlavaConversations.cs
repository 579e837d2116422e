using System.Text.Encodings.Web;
using System.Text.Json;

namespace TsVlm.Representations.Samples;

/// <summary>
/// Samples as the JSON that LLaVA's own training reads (docs/Finetune_Custom_Data.md in haotian-liu/LLaVA): SPLIT.json, a list of
/// <c>{"id", "image", "conversations": [{"from": "human", "value"}, {"from": "gpt", "value"}]}</c>, and the images beside.
/// The human turn is the prompt without the template's own words, the gpt turn the answer.
/// </summary>
public static class LlavaConversations
{
    private const string ImageFolder = "images";
    private const int BytesHeld = 1 << 16;

    // LLaVA cuts its rendered conversation at these (train.py, preprocess_v1), and its tokenizer takes the tokens among them for
    // themselves.
    private static readonly string[] Reserved = [ConversationTemplate.ImageToken, "<s>", "</s>", "<unk>", " ASSISTANT: "];

    private static readonly JsonWriterOptions Layout =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the samples of a split in their order, holding one at a time; the bytes depend on the samples alone.</summary>
    /// <param name="folder">Where SPLIT.json and <c>images/</c> go.</param>
    /// <param name="split">Name of the split.</param>
    /// <param name="template">The template that the samples' prompts are in.</param>
    /// <param name="samples">The samples, each with an id that is its own in the folder and fit for a file name.</param>
    /// <exception cref="RepresentationException">A text that LLaVA would read as another one, or a template without questions.</exception>
    public static void Write(string folder, string split, ConversationTemplate template, IEnumerable<(string Id, Sample Sample)> samples)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, $"{split}.json"));
        using var json = new Utf8JsonWriter(file, Layout);
        json.WriteStartArray();
        foreach (var (id, sample) in samples)
        {
            if (sample.Input.Images.Count > 1)
                throw new RepresentationException(
                    $"Sample {id}: expected one image, which is all that LLaVA's format holds, found {sample.Input.Images.Count}; choose an "
                    + "image kind that shows all channels in one, and windows whole.");
            json.WriteStartObject();
            json.WriteString("id", id);
            if (sample.Input.Image is { } image) json.WriteString("image", WriteImage(folder, id, image));
            json.WriteStartArray("conversations");
            WriteTurn(json, "human", Checked(id, template.UserPart(sample.Input.Prompt), sample.Input.Image is not null));
            WriteTurn(json, "gpt", Checked(id, sample.Answer, hasImage: false));
            json.WriteEndArray();
            json.WriteEndObject();
            if (json.BytesPending > BytesHeld) json.Flush();
        }
        json.WriteEndArray();
    }

    private static string WriteImage(string folder, string id, byte[] image)
    {
        Directory.CreateDirectory(Path.Combine(folder, ImageFolder));
        File.WriteAllBytes(Path.Combine(folder, ImageFolder, $"{id}.png"), image);
        return $"{ImageFolder}/{id}.png";
    }

    private static void WriteTurn(Utf8JsonWriter json, string from, string value)
    {
        json.WriteStartObject();
        json.WriteString("from", from);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static string Checked(string id, string value, bool hasImage)
    {
        var text = hasImage ? value[$"{ConversationTemplate.ImageToken}\n".Length..] : value;
        var reserved = Reserved.FirstOrDefault(mark => text.Contains(mark, StringComparison.Ordinal));
        if (reserved is not null)
            throw new RepresentationException(
                $"Sample {id}: expected a text that LLaVA reads as text, found '{reserved}' in it; rename the class in the data set.");
        // preprocess_multimodal takes blanks off a turn with an image.
        if (hasImage && text.Trim() != text)
            throw new RepresentationException(
                $"Sample {id}: expected a question without blanks around it, found '{text}'; LLaVA would drop them.");
        return value;
    }
}
